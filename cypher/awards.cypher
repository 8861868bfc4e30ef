// 谁获得了什么奖项、称号，入选了什么名单？ · Who received which award, title or place on a list?
// One row per recipient and award, newest first; a recipient may be a person, an organisation, a place or a programme.
// status: 计划 is to receive it (拟授); empty where the text says that it did.
// param: name (name, optional, e.g. 晋城市) — any name of the recipient or of the award
// param: limit (integer, default 100) — rows at most
CALL () {
  MATCH (:Alias {id: $name})-[:NAMES]->(:Entity)-[r:RECEIVED]-(:Entity)
  RETURN r
  UNION ALL
  UNWIND CASE WHEN $name IS NULL THEN [1] ELSE [] END AS everybody
  MATCH (:Entity)-[r:RECEIVED]->(:Entity)
  RETURN r
}
WITH DISTINCT r
WITH startNode(r) AS recipient, endNode(r) AS award, r
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH recipient, award, CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status, collect(r) AS statements
WITH recipient, award, status, statements[0] AS latest, size(statements) AS times
MATCH (article:Article {id: latest.article_id})
RETURN recipient.name AS recipient,
       recipient.type AS type,
       award.name AS award,
       status AS status,
       latest.date AS date,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, recipient, award, status
LIMIT $limit
