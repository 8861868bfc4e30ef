// 谁控股谁？ · Who owns whom?
// One row per owner and company, newest first, stated directly; holdings through a third company are not worked out.
// stake and amount are those of the newest sentence that tells one, which may be older than the one shown.
// status: 曾经 was so once, 计划 is to be so (a purchase announced, a sale planned); empty where the text says that it is so.
// param: name (name, optional, e.g. 太重集团) — any name of either company
// param: limit (integer, default 100) — rows at most
CALL () {
  MATCH (:Alias {id: $name})-[:NAMES]->(:Entity)-[r:OWNS]-(:Entity)
  RETURN r
  UNION ALL
  UNWIND CASE WHEN $name IS NULL THEN [1] ELSE [] END AS everybody
  MATCH (:Entity)-[r:OWNS]->(:Entity)
  RETURN r
}
WITH DISTINCT r
WITH startNode(r) AS owner, endNode(r) AS company, r
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH owner, company, CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status, collect(r) AS statements
WITH owner, company, status, statements[0] AS latest, size(statements) AS times,
     [statement IN statements WHERE statement.stake IS NOT NULL | statement.stake][0] AS stake,
     [statement IN statements WHERE statement.amount IS NOT NULL | statement.amount][0] AS amount
MATCH (article:Article {id: latest.article_id})
RETURN owner.name AS owner,
       company.name AS company,
       status AS status,
       stake AS stake,
       amount AS amount,
       latest.date AS date,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, owner, company, status
LIMIT $limit
