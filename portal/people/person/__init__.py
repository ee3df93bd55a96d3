"""Who people are: persons, the organisations they speak for, their roles."""
