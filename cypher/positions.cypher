// 谁在哪里担任什么职务？ · Who holds which post where?
// One row per person, post and body, newest first, with the latest sentence that says so, how often and since when.
// status: 曾经 was held once, 计划 is to be held; empty where the text says that it is held.
// param: name (name, optional, e.g. 晋城市) — any name of the person, or of the organisation or place
// param: limit (integer, default 100) — rows at most
CALL () {
  MATCH (:Alias {id: $name})-[:NAMES]->(:Entity)-[r:HOLDS_POSITION]-(:Entity)
  RETURN r
  UNION ALL
  UNWIND CASE WHEN $name IS NULL THEN [1] ELSE [] END AS everybody
  MATCH (:Person)-[r:HOLDS_POSITION]->(:Entity)
  RETURN r
}
WITH DISTINCT r
WITH startNode(r) AS person, endNode(r) AS organisation, r
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH person, organisation, r.title AS title, CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status, collect(r) AS statements
WITH person, organisation, title, status, statements[0] AS latest, statements[-1].date AS since, size(statements) AS times
MATCH (article:Article {id: latest.article_id})
RETURN person.name AS person,
       title AS title,
       organisation.name AS organisation,
       status AS status,
       latest.date AS date,
       since AS since,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, person, organisation, title, status
LIMIT $limit
