// Everything the articles state: people, organisations, places and programmes with the typed relations between them.
MATCH path = (:Entity)-[r]->(:Entity)
WHERE r.article_id IS NOT NULL
RETURN path
LIMIT 300
