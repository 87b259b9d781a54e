"""The declaration page of a hospital: a draft, what is sent, what each authority receives, and the receipts."""
