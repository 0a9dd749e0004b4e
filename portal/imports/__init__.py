"""Demands and solutions from files: recognise the file, map its columns, check every row, write, report.

`files.read_file` gives rows, `mapping` our fields from theirs, `demands`/`solutions` a checked record, `running` the
loop, `report` what came of each row. The writing itself stands in cities.imports and catalog.imports.
"""
