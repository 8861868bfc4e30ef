// 报道里关于它的原话有哪些？ · What do the articles say about it, word for word?
// One row per statement, newest first, ready to cite: publication, date of issue, page, headline and sentence.
// param: name (name, required, e.g. 太原重工) — any name of a person, organisation, place or programme
// param: limit (integer, default 100) — rows at most
MATCH (:Alias {id: $name})-[:NAMES]->(:Entity)-[r]-(:Entity)
WHERE r.article_id IS NOT NULL
WITH DISTINCT r
WITH r, startNode(r).name AS head, type(r) AS relation, endNode(r).name AS tail
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start, head, relation, tail
LIMIT $limit
MATCH (article:Article {id: r.article_id})<-[:CONTAINS]-(issue:Issue)
RETURN r.date AS date,
       head AS head,
       relation AS relation,
       tail AS tail,
       coalesce(r.title, r.role, r.stake) AS detail,
       CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status,
       r.sentence AS sentence,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       issue.publication AS publication,
       issue.date AS issue_date,
       article.page AS page,
       article.id AS article
ORDER BY coalesce(date, '') DESC, article, r.start, head, relation, tail
