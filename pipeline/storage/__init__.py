"""The one door in and the one door out: units, readers, parts and manifests. All opens stand in `files`."""
