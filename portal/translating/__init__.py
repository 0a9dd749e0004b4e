"""Translations of what people write: an editor beside the original, and drafts by a machine that settings name.

subjects.py     which records are translated, by whom, and their texts       machines/   the translators, no tables
actions.py      every write                                                   tasks.py    drafts, asked for by a person
forms.py views.py urls.py   the editor                                        api.py      the same for programs
"""
