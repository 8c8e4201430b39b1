"""What every floor stands on: findings and their catalogue, text in several languages, files."""
