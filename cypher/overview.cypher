// 图谱里有多少东西？ · How much is in the graph?
// One row per node label and per edge type; an entity is counted under Entity and under its own type.  What the program
// keeps for itself (Reading, Naming, Ledger, USES) is left out.
CALL () {
  MATCH (node)
  UNWIND [label IN labels(node) WHERE NOT label IN ['Reading', 'Naming', 'Ledger']] AS name
  RETURN 'node' AS kind, name, count(*) AS total
  UNION ALL
  MATCH ()-[edge]->()
  WHERE type(edge) <> 'USES'
  RETURN 'edge' AS kind, type(edge) AS name, count(*) AS total
}
RETURN kind AS kind, name AS name, total AS total
ORDER BY kind DESC, total DESC, name
