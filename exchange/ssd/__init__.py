"""The Standard Safeguarding Dataset: visits to children looked after (`ssd_cla_visits`), brought and taken along."""
