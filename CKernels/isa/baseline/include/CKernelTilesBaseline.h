// Nothing is called by name but from core/table.c, which declares what it lists. A target must have a public header.
