"""What leaves for other programs: tables as CSV and Parquet, made safe to open."""
