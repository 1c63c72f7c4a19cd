"""What a class has handed in, marked: python -m course.marking.

submissions.py  who has handed in which files
answers.py      the answer to each exercise in them, with what it needs of its page
children.py     the process of a learner in which check tries them: child.py
marks.py        what check says of each, as a mark
summary.py      what the marks of a class say: mistakes by name, who is stuck, which are alike; as text, as a table
report_page.py  the report as one HTML page
handout.py      the course to hand out
"""
