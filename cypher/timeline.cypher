// 它的来龙去脉如何？ · How did its story unfold?
// One row per article that names it or that he or she wrote, oldest first, with what the article states about it
// (曾经: was so once, 计划: is to be so).
// param: name (name, required, e.g. 省政府新闻办) — any name of a person, organisation, place or programme
// param: since (date, optional) — from this day on
// param: until (date, optional) — up to and including this day
// param: limit (integer, default 200) — rows at most
MATCH (:Alias {id: $name})-[:NAMES]->(entity:Entity)
CALL (entity) {
  MATCH (article:Article)-[:MENTIONS]->(entity)
  RETURN article.id AS article_id, null AS statement
  UNION ALL
  MATCH (entity)-[r:WROTE|PHOTOGRAPHED]->(article:Article)
  RETURN article.id AS article_id, entity.name + ' ' + type(r) AS statement
  UNION ALL
  MATCH (entity)-[r]-(:Entity)
  WHERE r.article_id IS NOT NULL
  RETURN r.article_id AS article_id, startNode(r).name + ' ' + type(r) + ' ' + endNode(r).name
         + CASE r.status WHEN 'former' THEN '（曾经）' WHEN 'planned' THEN '（计划）' ELSE '' END AS statement
}
WITH entity, article_id, statement
ORDER BY statement
WITH entity, article_id, collect(DISTINCT statement) AS statements
MATCH (article:Article {id: article_id})<-[:CONTAINS]-(issue:Issue)
WITH entity, article, statements, coalesce(article.date, issue.date) AS date
WHERE ($since IS NULL OR date >= $since) AND ($until IS NULL OR date <= $until)
RETURN date AS date,
       entity.name AS name,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       statements AS statements,
       article.id AS article
ORDER BY date, article, name
LIMIT $limit
