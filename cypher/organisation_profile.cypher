// 这家机构是什么样的？ · What does the graph know of an organisation?
// One row per fact: its names, posts, programmes, partners, owners, parts, awards and places, each with its latest
// sentence; status: 曾经 was so once, 计划 is to be so.  Answers for persons, places and programmes as well.
// param: name (name, required, e.g. 兴业银行太原分行营业部) — any name of the organisation
// param: limit (integer, default 200) — rows at most
MATCH (:Alias {id: $name})-[:NAMES]->(entity:Entity)
CALL (entity) {
  MATCH (alias:Alias)-[:NAMES]->(entity)
  WHERE alias.name <> entity.name
  RETURN '0 又名' AS ranked, alias.name AS value, null AS detail, null AS r
  UNION ALL
  MATCH (entity)-[r:HOLDS_POSITION|ORGANISED|PUBLISHED|PARTICIPATED_IN|RECEIVED|OWNS|PART_OF|LOCATED_IN]->(other:Entity)
  RETURN CASE type(r)
           WHEN 'HOLDS_POSITION' THEN '1 任职于'
           WHEN 'ORGANISED' THEN '2 主办'
           WHEN 'PUBLISHED' THEN '3 发布'
           WHEN 'PARTICIPATED_IN' THEN '4 参加'
           WHEN 'OWNS' THEN '6 控股'
           WHEN 'PART_OF' THEN '7 隶属于'
           WHEN 'LOCATED_IN' THEN '8 位于'
           ELSE '9 获得'
         END AS ranked, other.name AS value, coalesce(r.title, r.role, r.stake) AS detail, r AS r
  UNION ALL
  MATCH (entity)<-[r:HOLDS_POSITION|ORGANISED|PUBLISHED|PARTICIPATED_IN|RECEIVED|OWNS|PART_OF|LOCATED_IN]-(other:Entity)
  RETURN CASE type(r)
           WHEN 'HOLDS_POSITION' THEN '1 任职者'
           WHEN 'ORGANISED' THEN '2 主办者'
           WHEN 'PUBLISHED' THEN '3 发布者'
           WHEN 'PARTICIPATED_IN' THEN '4 参加者'
           WHEN 'OWNS' THEN '6 股东'
           WHEN 'PART_OF' THEN '7 下属'
           WHEN 'LOCATED_IN' THEN '8 所在'
           ELSE '9 获得者'
         END AS ranked, other.name AS value, coalesce(r.title, r.role, r.stake) AS detail, r AS r
  UNION ALL
  MATCH (entity)-[r:PARTNERED_WITH]-(other:Entity)
  RETURN '5 合作' AS ranked, other.name AS value, null AS detail, r AS r
}
WITH entity, ranked, value, detail, r
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH entity, ranked, value, detail, CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status, collect(r) AS statements
WITH entity, ranked, value, detail, status, statements[0] AS latest, size(statements) AS times
OPTIONAL MATCH (article:Article {id: latest.article_id})
RETURN entity.name AS name,
       substring(ranked, 2) AS aspect,
       value AS value,
       detail AS detail,
       status AS status,
       latest.date AS date,
       CASE WHEN latest IS NULL THEN null ELSE times END AS times,
       CASE WHEN article IS NULL THEN null ELSE coalesce(article.title, left(article.text, 20) + '…') END AS headline,
       latest.sentence AS sentence
ORDER BY name, ranked, value, detail, status
LIMIT $limit
