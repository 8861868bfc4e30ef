// 谁和谁最常一起出现？ · Who and what is named together most?
// One row per pair with the number of articles that name both and up to three of them.  Without a name all pairs of
// the graph are counted, which takes a while on a large one.
// param: name (name, optional, e.g. 山西省) — any name of the one that all pairs shall share
// param: type (text, optional, e.g. Organisation) — only pairs of this entity type; with a name, the other one's type
// param: limit (integer, default 30) — rows at most
CALL () {
  MATCH (:Alias {id: $name})-[:NAMES]->(entity:Entity)<-[:MENTIONS]-(article:Article)-[:MENTIONS]->(other:Entity)
  WHERE other.id <> entity.id AND ($type IS NULL OR other.type = $type)
  RETURN entity, other, article
  UNION ALL
  UNWIND CASE WHEN $name IS NULL THEN [1] ELSE [] END AS everybody
  MATCH (entity:Entity)<-[:MENTIONS]-(article:Article)-[:MENTIONS]->(other:Entity)
  WHERE entity.id < other.id AND ($type IS NULL OR entity.type = $type AND other.type = $type)
  RETURN entity, other, article
}
WITH entity, other, count(*) AS articles, max(article.date) AS date
ORDER BY articles DESC, entity.name, other.name
LIMIT $limit
RETURN entity.name AS name,
       other.name AS other,
       other.type AS type,
       articles AS articles,
       date AS date,
       COLLECT {
         MATCH (other)<-[:MENTIONS]-(article:Article)-[:MENTIONS]->(entity)
         RETURN coalesce(article.title, left(article.text, 20) + '…') ORDER BY article.date DESC, article.id LIMIT 3
       } AS headlines
ORDER BY articles DESC, name, other
