// 图谱里有哪些报纸？ · Which newspaper issues are in the graph?
// One row per issue, newest first, with its number of articles, the files it was read from and when that was.
// param: limit (integer, default 100) — rows at most
MATCH (issue:Issue)
RETURN issue.id AS issue,
       issue.publication AS publication,
       issue.date AS date,
       issue.home AS home,
       COUNT { (issue)-[:CONTAINS]->(:Article) } AS articles,
       issue.sources AS sources,
       issue.ingested_at AS ingested_at
ORDER BY coalesce(date, '') DESC, issue
LIMIT $limit
