app-name = Freerange
