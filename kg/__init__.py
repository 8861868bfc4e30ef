"""newspaper-kg: Chinese newspaper pages in, a Neo4j knowledge graph out."""

__version__ = "0.1.0"
