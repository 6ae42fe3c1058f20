"""The pages behind the links in patients' mails."""
