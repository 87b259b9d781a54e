"""The Django project: accounts, the desk (journal access and read models), pages, API and exports."""
