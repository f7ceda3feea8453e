"""`contract observe`: what it predicts, keeps and passes on."""
