# What every target of ours is compiled with.
add_library(cartbell_options INTERFACE)
target_compile_features(cartbell_options INTERFACE cxx_std_20 c_std_11)
target_include_directories(cartbell_options INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
# Without the build folder's name in them, objects are the same wherever they are built, and ccache finds them again.
target_compile_options(cartbell_options INTERFACE -Wall -Wextra -Wshadow $<$<BOOL:${CARTBELL_WERROR}>:-Werror>
                                                 -ffile-prefix-map=${CMAKE_BINARY_DIR}=.)
# False alarms about std::string where it is optimised much: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105329
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.")
  target_compile_options(cartbell_options INTERFACE -Wno-restrict)
endif()
if(CARTBELL_SANITIZE)
  target_compile_options(cartbell_options INTERFACE -fsanitize=${CARTBELL_SANITIZE} -fno-sanitize-recover=all
                                                   -fno-omit-frame-pointer)
  target_link_options(cartbell_options INTERFACE -fsanitize=${CARTBELL_SANITIZE})
endif()

# cartbell_module(name below...): the static library cartbell_<name> of all sources in src/<name>, over the modules below it.
function(cartbell_module name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(NOT sources)  # not begun yet: headers only
    add_library(cartbell_${name} INTERFACE)
    target_link_libraries(cartbell_${name} INTERFACE cartbell_options)
    foreach(below ${ARGN})
      target_link_libraries(cartbell_${name} INTERFACE cartbell_${below})
    endforeach()
    return()
  endif()
  add_library(cartbell_${name} STATIC ${sources})
  set_target_properties(cartbell_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                                    VISIBILITY_INLINES_HIDDEN ON CXX_EXTENSIONS OFF LINKER_LANGUAGE CXX)
  target_link_libraries(cartbell_${name} PUBLIC cartbell_options)
  foreach(below ${ARGN})
    target_link_libraries(cartbell_${name} PUBLIC cartbell_${below})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY CARTBELL_MODULES cartbell_${name})
endfunction()

# cartbell_uses(name library...): libraries that only the sources of this module include.
function(cartbell_uses name)
  get_target_property(type cartbell_${name} TYPE)
  if(NOT type STREQUAL INTERFACE_LIBRARY)
    target_link_libraries(cartbell_${name} PRIVATE ${ARGN})
  endif()
endfunction()
