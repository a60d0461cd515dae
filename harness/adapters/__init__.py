"""Other libraries' optimisers and functions under the contracts of the families. Imported where they are used: none is loaded otherwise."""
