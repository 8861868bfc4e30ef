// 某日谁在任？ · Who held which post on a day?
// One row per person and post, those surely in office first: from the first to the last day that a text names him or her
// so.  basis 在任 lies between the two, 此前 was named so last before the day, 此后 only after it, 离任 was called former by then.
// param: organisation (name, optional, e.g. 晋城市) — any name of the organisation or place; without it every one
// param: title (text, optional, e.g. 常务副市长) — the post as printed; without it every post
// param: person (name, optional, e.g. 田志军) — any name of the person; without it everybody
// param: day (date, optional) — the day asked about; without it after all that was read
// param: limit (integer, default 100) — rows at most
CALL () {
  MATCH (:Alias {id: $organisation})-[:NAMES]->(:Entity)<-[r:HOLDS_POSITION]-(:Person)
  RETURN r
  UNION ALL
  UNWIND CASE WHEN $organisation IS NULL THEN [1] ELSE [] END AS everywhere
  MATCH (:Entity)<-[r:HOLDS_POSITION]-(:Person)
  RETURN r
}
WITH DISTINCT r
WITH startNode(r) AS person, endNode(r) AS organisation, r
WHERE coalesce(r.status, '') <> 'planned'
  AND ($person IS NULL OR EXISTS { MATCH (:Alias {id: $person})-[:NAMES]->(person) })
WITH person, organisation, r, coalesce(r.status, '') = 'former' AS is_former, coalesce(r.title, '') AS printed
WITH person, organisation, r, is_former,
     CASE WHEN is_former AND left(printed, 1) IN ['原', '前'] THEN substring(printed, 1) ELSE printed END AS title
WHERE $title IS NULL OR $title IN split(title, '、')
WITH person, organisation, title, r,
     CASE WHEN is_former THEN null ELSE r.date END AS held,
     CASE WHEN is_former THEN r.date ELSE null END AS left_by
ORDER BY coalesce(r.date, '') DESC, r.article_id, r.start
WITH person, organisation, title, collect(r) AS statements,
     min(held) AS first_seen, max(held) AS last_seen, min(left_by) AS left_by
WITH person, organisation, title, statements, first_seen, last_seen, left_by, coalesce($day, '9999-12-31') AS day
WITH person, organisation, title, first_seen, last_seen, left_by,
     CASE
       WHEN left_by <= day AND coalesce(last_seen, '') <= left_by THEN '4 离任'
       WHEN first_seen <= day AND day <= last_seen THEN '1 在任'
       WHEN first_seen > day THEN '3 此后'
       ELSE '2 此前'
     END AS ranked,
     coalesce([statement IN statements WHERE statement.date <= day][0], statements[-1]) AS nearest,
     size(statements) AS times
MATCH (article:Article {id: nearest.article_id})
RETURN substring(ranked, 2) AS basis,
       person.name AS person,
       title AS title,
       organisation.name AS organisation,
       first_seen AS first_seen,
       last_seen AS last_seen,
       left_by AS former_by,
       times AS times,
       coalesce(article.title, left(article.text, 20) + '…') AS headline,
       nearest.sentence AS sentence
ORDER BY ranked, coalesce(last_seen, '') DESC, person, title
LIMIT $limit
