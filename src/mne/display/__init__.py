"""What people see: text, HTML and pictures of plans, reports and scorecards."""
