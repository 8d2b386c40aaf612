raise ImportError("half a merge")
