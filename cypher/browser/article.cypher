// One article with its issue, its writer and everything it names; put another headline in the first line.
MATCH (article:Article {title: '太重整合优化风电资产股权'})
MATCH path = (article)-[:CONTAINS|WROTE|PHOTOGRAPHED|MENTIONS]-()
RETURN path
LIMIT 300
