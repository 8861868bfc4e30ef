// 这位记者跑什么口？ · What does a reporter cover?
// First his or her articles, then the sections, organisations, persons, places and programmes they name most often,
// each with the number of articles and up to three headlines.
// param: reporter (name, required, e.g. 何宝国) — any name of the reporter or photographer
// param: top (integer, default 10) — rows per kind at most
MATCH (:Alias {id: $reporter})-[:NAMES]->(reporter:Person)-[:WROTE|PHOTOGRAPHED]->(article:Article)
WITH DISTINCT reporter, article
CALL (reporter, article) {
  RETURN '0 稿件' AS ranked, article.id AS id, coalesce(article.title, left(article.text, 20) + '…') AS name
  UNION ALL
  UNWIND CASE WHEN article.section IS NULL THEN [] ELSE [article.section] END AS section
  RETURN '1 栏目' AS ranked, section AS id, section AS name
  UNION ALL
  MATCH (article)-[:MENTIONS]->(entity:Entity)
  RETURN CASE entity.type
           WHEN 'Organisation' THEN '2 机构'
           WHEN 'Person' THEN '3 人物'
           WHEN 'Place' THEN '4 地点'
           ELSE '5 项目活动'
         END AS ranked, entity.id AS id, entity.name AS name
}
WITH reporter, ranked, id, name, article
ORDER BY article.date DESC, article.id
WITH reporter, ranked, id, name, collect(article) AS covered
ORDER BY size(covered) DESC, covered[0].date DESC, id
WITH reporter, ranked, collect({name: name, covered: covered})[..$top] AS best
UNWIND best AS row
RETURN reporter.name AS reporter,
       substring(ranked, 2) AS kind,
       row.name AS name,
       size(row.covered) AS articles,
       row.covered[0].date AS date,
       [article IN row.covered[..3] | coalesce(article.title, left(article.text, 20) + '…')] AS headlines
ORDER BY reporter, ranked, articles DESC, date DESC, name
