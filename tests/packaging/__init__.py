"""What gets shipped: the wheel, the sdist, and what pip makes of them."""
