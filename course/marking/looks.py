"""Does a check that was handed in look into the code of the functions that it judges, in place of calling them?"""

from course.checker.page import codes_in, with_helpers

# Words that stand in a check which looks into the code of what it gets, or for where it comes from.
_WORDS = """__closure__ __code__ __defaults__ __globals__ __traceback__ __wrapped__ _current_frames _getframe checker
co_code currentframe exercises f_back f_globals f_locals format_exc format_exception format_stack format_tb
getclosurevars getsource get_objects get_referents get_referrers getmodule lessons tb_frame traceback""".split()


def looks_inside(check):
    """Return the word by which a check looks into the code of functions, or ""."""
    for code in [code for one in with_helpers(check) for code in codes_in(one.code)]:
        texts = [one for one in code.co_consts if isinstance(one, str)]  # as in getattr(softmax, "__code__")
        for word in _WORDS:
            is_name = any(word in name.split(".") for name in code.co_names)  # as in course.lessons
            if is_name or ("_" in word and any(word in text for text in texts)):
                return word
    return ""
