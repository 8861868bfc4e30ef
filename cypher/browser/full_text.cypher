// Articles by their words (full-text index over headlines and text), best first; put other words in the first line.
CALL db.index.fulltext.queryNodes('Article[title,text]', '数据交易') YIELD node, score
RETURN node, score
ORDER BY score DESC
LIMIT 20
