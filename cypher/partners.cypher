// 哪些机构彼此合作？ · Which organisations work together?
// One row per pair, newest first.  Who is named first means nothing; with a name given, it stands in the first column.
// status: 计划 are to work together; empty where the text says that they do.
// param: name (name, optional, e.g. 太原公交集团) — any name of an organisation
// param: limit (integer, default 100) — rows at most
CALL () {
  MATCH (:Alias {id: $name})-[:NAMES]->(organisation:Organisation)-[r:PARTNERED_WITH]-(partner:Organisation)
  RETURN organisation, partner, r
  UNION ALL
  UNWIND CASE WHEN $name IS NULL THEN [1] ELSE [] END AS everybody
  MATCH (organisation:Organisation)-[r:PARTNERED_WITH]-(partner:Organisation)
  WHERE organisation.id < partner.id
  RETURN organisation, partner, r
}
WITH organisation, partner, r
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH organisation, partner, CASE r.status WHEN 'former' THEN '曾经' WHEN 'planned' THEN '计划' END AS status, collect(r) AS statements
WITH organisation, partner, status, statements[0] AS latest, size(statements) AS times
MATCH (article:Article {id: latest.article_id})
RETURN organisation.name AS organisation,
       partner.name AS partner,
       status AS status,
       latest.date AS date,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       latest.sentence AS sentence
ORDER BY coalesce(date, '') DESC, organisation, partner, status
LIMIT $limit
