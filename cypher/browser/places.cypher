// Places and what they lie in: 小店区 → 太原市 → 山西省.
MATCH path = (:Place)-[:PART_OF|LOCATED_IN]->(:Place)
RETURN path
LIMIT 300
