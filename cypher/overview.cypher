// 图谱里有多少东西？ · How much is in the graph?
// One row per node label and per edge type; an entity is counted under Entity and under its own type.
CALL () {
  MATCH (node)
  UNWIND labels(node) AS name
  RETURN 'node' AS kind, name, count(*) AS total
  UNION ALL
  MATCH ()-[edge]->()
  RETURN 'edge' AS kind, type(edge) AS name, count(*) AS total
}
RETURN kind AS kind, name AS name, total AS total
ORDER BY kind DESC, total DESC, name
