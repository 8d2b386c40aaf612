from tasks import taken_away
