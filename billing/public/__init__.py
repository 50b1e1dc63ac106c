"""Pages that anybody may read: the directory of live numbers."""
