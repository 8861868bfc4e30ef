// What surrounds one entity; put another name in the first line.
MATCH (:Alias {name: '太重集团'})-[:NAMES]->(entity:Entity)
MATCH path = (entity)-[:HOLDS_POSITION|PART_OF|LOCATED_IN|ORGANISED|PARTICIPATED_IN|PARTNERED_WITH|RECEIVED|OWNS|PUBLISHED*1..2]-(:Entity)
RETURN path
LIMIT 300
