// 这两者之间有什么联系？ · What do these two have in common?
// The shortest ways from one to the other, step by step: first through stated relations (each with its sentence), then
// through articles that name both ends of a step.
// param: from (name, required, e.g. 潘海燕) — any name of the first
// param: to (name, required, e.g. 田志军) — any name of the second
// param: paths (integer, default 3) — ways at most, of either kind
MATCH (:Alias {id: $from})-[:NAMES]->(one:Entity), (:Alias {id: $to})-[:NAMES]->(two:Entity)
WITH DISTINCT one, two
WHERE one.id <> two.id
CALL (one, two) {
  MATCH path = allShortestPaths((one)-[:HOLDS_POSITION|PART_OF|LOCATED_IN|ORGANISED|PARTICIPATED_IN|PARTNERED_WITH|RECEIVED|OWNS|PUBLISHED*..6]-(two))
  WITH [node IN nodes(path) | node.id] AS ids
  LIMIT 1000
  WITH DISTINCT ids, reduce(text = '', id IN ids | text + ' ' + id) AS text
  ORDER BY text
  LIMIT $paths
  UNWIND range(0, size(ids) - 2) AS step
  MATCH (here:Entity {id: ids[step]})-[r:HOLDS_POSITION|PART_OF|LOCATED_IN|ORGANISED|PARTICIPATED_IN|PARTNERED_WITH|RECEIVED|OWNS|PUBLISHED]-(next:Entity {id: ids[step + 1]})
  WITH text, step, here, next, r
  ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start, type(r)
  WITH text, step, here, next, collect(r)[0] AS r
  RETURN '1' + text AS way, step + 1 AS step, here.name AS here,
         CASE WHEN startNode(r).id = here.id THEN type(r) + ' →' ELSE '← ' + type(r) END
         + CASE r.status WHEN 'former' THEN '（曾经）' WHEN 'planned' THEN '（计划）' ELSE '' END AS relation,
         next.name AS next, r.article_id AS article_id, r.sentence AS sentence
  UNION ALL
  MATCH path = allShortestPaths((one)-[:MENTIONS|WROTE|PHOTOGRAPHED*..4]-(two))
  WITH [node IN nodes(path) | node.id] AS ids
  LIMIT 1000
  WITH DISTINCT ids, reduce(text = '', id IN ids | text + ' ' + id) AS text
  ORDER BY text
  LIMIT $paths
  UNWIND range(0, size(ids) / 2 - 1) AS step
  MATCH (here:Entity {id: ids[2 * step]}), (next:Entity {id: ids[2 * step + 2]})
  RETURN '2' + text AS way, step + 1 AS step, here.name AS here, '同一报道' AS relation,
         next.name AS next, ids[2 * step + 1] AS article_id, null AS sentence
}
WITH way, step, here, relation, next, article_id, sentence
OPTIONAL MATCH (article:Article {id: article_id})
WITH way, step, here, relation, next, article, sentence
ORDER BY way, step
WITH way, collect({step: step, here: here, relation: relation, next: next, date: article.date, sentence: sentence,
                   headline: coalesce(article.title, left(article.text, 20) + '…')}) AS steps
ORDER BY way
WITH collect(steps) AS ways
UNWIND range(0, size(ways) - 1) AS number
UNWIND ways[number] AS row
RETURN number + 1 AS path,
       row.step AS step,
       row.here AS from,
       row.relation AS relation,
       row.next AS to,
       row.date AS date,
       row.headline AS headline,
       row.sentence AS sentence
ORDER BY path, step
