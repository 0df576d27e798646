# cartbell_library(target symbols): makes the target of the C ABI's objects the product. It takes in the objects of all modules, so that a
# static library is usable alone.
function(cartbell_library target symbols)
  get_property(modules GLOBAL PROPERTY CARTBELL_MODULES)
  foreach(module ${modules})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${module}>)
  endforeach()
  target_link_libraries(${target} PRIVATE simdjson::simdjson SQLite::SQLite3)
  cartbell_export(${target} ${target} ${PROJECT_SOURCE_DIR}/${symbols})
endfunction()

# cartbell_export(target name symbols): makes a library known as cartbell::<name>, in this build and installed. A shared one exports exactly
# the symbols of the list, one a line.
function(cartbell_export target name symbols)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:cartbell_options>)
  target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  set_target_properties(${target} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} EXPORT_NAME ${name})
  add_library(cartbell::${name} ALIAS ${target})

  get_target_property(type ${target} TYPE)
  if(type STREQUAL SHARED_LIBRARY AND UNIX AND NOT APPLE)
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${symbols})
    file(STRINGS ${symbols} names REGEX "^[a-z0-9_]+$")
    list(JOIN names ";\n    " names)
    set(map ${PROJECT_BINARY_DIR}/${target}.map)
    file(CONFIGURE OUTPUT ${map} CONTENT "CARTBELL_${PROJECT_VERSION_MAJOR} {\n  global:\n    ${names};\n  local: *;\n};\n")
    target_link_options(${target} PRIVATE -Wl,--version-script=${map})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
    if(NOT CARTBELL_SANITIZE)  # whose runtime is in the executable
      target_link_options(${target} PRIVATE -Wl,--no-undefined)
    endif()
  endif()
endfunction()
