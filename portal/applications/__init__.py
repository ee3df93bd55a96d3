"""The competition: calls, programmes, applications, reviews, awards."""
