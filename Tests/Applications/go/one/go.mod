module notes.example/keeper

go 1.19
