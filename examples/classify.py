#!/usr/bin/env python3
"""classify.py LIBRARY MODEL.pcl VIT IMAGE...: the C header from a language that is not C."""

import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
for function in (library.promptcl_last_error, library.promptcl_class_name):
    function.restype = ctypes.c_char_p
library.promptcl_num_classes.restype = ctypes.c_size_t
library.promptcl_class_name.argtypes = (ctypes.c_void_p, ctypes.c_size_t)


def check(status):
    if status != 0:
        sys.exit("classify.py: " + library.promptcl_last_error().decode())


vit, classifier = ctypes.c_void_p(), ctypes.c_void_p()
check(library.promptcl_backbone_open(sys.argv[3].encode(), 0, ctypes.byref(vit)))
check(library.promptcl_classifier_open(sys.argv[2].encode(), vit, ctypes.byref(classifier)))
classes = library.promptcl_num_classes(classifier)
probabilities = (ctypes.c_double * classes)()
for image in sys.argv[4:]:
    check(library.promptcl_classify_file(classifier, image.encode(), probabilities))
    best = max(range(classes), key=probabilities.__getitem__)
    name = library.promptcl_class_name(classifier, best).decode()
    print(f"{image}: {name}, {100 * probabilities[best]:.1f} %")
library.promptcl_classifier_close(classifier)
library.promptcl_backbone_close(vit)
