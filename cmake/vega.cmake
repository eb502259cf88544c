# The charting library of `promptcl report`: Vega, whose parts Debian ships one by one. They go into the program, which
# puts them into every report (NOTICE names the licence).
find_path(PROMPTCL_VEGA_DIR vega-view.min.js PATHS /usr/share/javascript/vega NO_DEFAULT_PATH
          DOC "Folder of Vega's parts (vega-view.min.js and so on)")
if(NOT PROMPTCL_VEGA_DIR)
  message(FATAL_ERROR "Vega is not installed, which promptcl report draws with: apt-get install libjs-vega, "
                      "or give the folder of vega-view.min.js with -DPROMPTCL_VEGA_DIR=FOLDER")
endif()

# What the charts need; a part that another one asks for under its plural is called so.
set(PROMPTCL_VEGA_PARTS util time format loader dataflow canvas statistics scale scenegraph expression selection functions
                        event-selector parser runtime view transforms view-transforms encode interpreter)

# promptcl_embed_page(output folder): `output` is a source file that holds the texts of src/promptcl/report/page/assets.h.
function(promptcl_embed_page output folder)
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed_page.cmake")
  set(sources "${folder}/page.html" "${folder}/page.css" "${folder}/page.js" "${folder}/vega_licence.txt")
  set(parts "")
  foreach(part ${PROMPTCL_VEGA_PARTS})
    list(APPEND parts "${PROMPTCL_VEGA_DIR}/vega-${part}.min.js")
  endforeach()
  list(JOIN parts "|" joined)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DFOLDER=${folder}" "-DPARTS=${joined}" -P "${script}"
    DEPENDS ${sources} ${parts} "${script}"
    COMMENT "Embedding the page of promptcl report"
    VERBATIM)
endfunction()
