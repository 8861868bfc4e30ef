// 谁主办、承办或发布了什么项目活动？ · Who organised or published which programme?
// One row per organiser, role and programme, newest first; where the text states no role, the column is empty.
// status: 计划 is to be held or published; empty where the text says that it is or was.
// param: name (name, optional, e.g. 山西大学) — any name of the organiser or of the programme
// param: limit (integer, default 100) — rows at most
CALL () {
  MATCH (:Alias {id: $name})-[:NAMES]->(:Entity)-[r:ORGANISED|PUBLISHED]-(:Entity)
  RETURN r
  UNION ALL
  UNWIND CASE WHEN $name IS NULL THEN [1] ELSE [] END AS everybody
  MATCH (:Entity)-[r:ORGANISED|PUBLISHED]->(:Programme)
  RETURN r
}
WITH DISTINCT r
WITH endNode(r) AS programme, startNode(r) AS organiser, r
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH programme, organiser, CASE type(r) WHEN 'PUBLISHED' THEN '发布' ELSE r.role END AS role,
     CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status, collect(r) AS statements
WITH programme, organiser, role, status, statements[0] AS latest, size(statements) AS times
MATCH (article:Article {id: latest.article_id})
RETURN programme.name AS programme,
       role AS role,
       organiser.name AS organiser,
       status AS status,
       latest.date AS date,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, programme, role, organiser, status
LIMIT $limit
