// 谁参加了什么项目活动？ · Who took part in which programme?
// One row per participant and programme, newest first; organisers are in the report organisers.
// status: 计划 is to take part; empty where the text says that it does.
// param: name (name, optional, e.g. 潘海燕) — any name of the participant or of the programme
// param: limit (integer, default 100) — rows at most
CALL () {
  MATCH (:Alias {id: $name})-[:NAMES]->(:Entity)-[r:PARTICIPATED_IN]-(:Entity)
  RETURN r
  UNION ALL
  UNWIND CASE WHEN $name IS NULL THEN [1] ELSE [] END AS everybody
  MATCH (:Entity)-[r:PARTICIPATED_IN]->(:Entity)
  RETURN r
}
WITH DISTINCT r
WITH startNode(r) AS participant, endNode(r) AS programme, r
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH participant, programme, CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status, collect(r) AS statements
WITH participant, programme, status, statements[0] AS latest, size(statements) AS times
MATCH (article:Article {id: latest.article_id})
RETURN participant.name AS participant,
       participant.type AS type,
       programme.name AS programme,
       status AS status,
       latest.date AS date,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, participant, programme, status
LIMIT $limit
