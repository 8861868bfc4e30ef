// 谁控股谁？ · Who owns whom?
// One row per owner and company, newest first, stated directly; holdings through a third company are not worked out.
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
WITH owner, company, collect(r) AS statements
WITH owner, company, statements[0] AS latest, size(statements) AS times
MATCH (article:Article {id: latest.article_id})
RETURN owner.name AS owner,
       company.name AS company,
       latest.date AS date,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, owner, company
LIMIT $limit
