// 这个地方发生了什么？ · What happened in a place?
// One row per event and spot, newest first, sub-places included: what took place there, what an organisation seated
// there held, and what the place itself received.  status: 计划 is to take place; empty where the text says that it did.
// param: place (name, required, e.g. 太原市) — any name of the place
// param: since (date, optional) — from this day on
// param: until (date, optional) — up to and including this day
// param: limit (integer, default 100) — rows at most
MATCH (:Alias {id: $place})-[:NAMES]->(region:Place)
MATCH path = (region)<-[:PART_OF|LOCATED_IN*0..5]-(spot:Place)
WHERE all(place IN nodes(path) WHERE place:Place)
WITH DISTINCT spot
CALL (spot) {
  MATCH (programme:Programme)-[r:LOCATED_IN]->(spot)
  RETURN programme, r, '在当地' AS basis
  UNION ALL
  MATCH (spot)<-[:LOCATED_IN]-(organisation:Organisation)-[r:ORGANISED]->(programme:Programme)
  RETURN programme, r, '当地机构主办' AS basis
  UNION ALL
  MATCH (spot)-[r:RECEIVED]->(programme:Programme)
  RETURN programme, r, '当地获得' AS basis
}
WITH spot, programme, basis, r
WHERE ($since IS NULL OR r.date >= $since) AND ($until IS NULL OR r.date <= $until)
WITH spot, programme, basis, r
ORDER BY basis, r.date DESC, r.article_id, r.start
WITH spot, programme, collect(DISTINCT basis) AS basis, collect(r)[0] AS latest
ORDER BY latest.date DESC, programme.name, spot.name
LIMIT $limit
MATCH (article:Article {id: latest.article_id})
RETURN latest.date AS date,
       programme.name AS event,
       spot.name AS place,
       basis AS basis,
       CASE latest.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status,
       COLLECT {
         MATCH (organiser:Entity)-[:ORGANISED]->(programme)
         RETURN DISTINCT organiser.name ORDER BY organiser.name
       } AS organisers,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, event, place
