/* cartbell.h - the whole API. docs/embed.md is the way in; base.h says the conventions. */
#ifndef CARTBELL_CARTBELL_H
#define CARTBELL_CARTBELL_H

#include "cartbell/base.h"
#include "cartbell/container.h"
#include "cartbell/customer.h"
#include "cartbell/engine.h"
#include "cartbell/error.h"
#include "cartbell/mailing.h"
#include "cartbell/mapping.h"
#include "cartbell/message.h"
#include "cartbell/order.h"
#include "cartbell/product.h"
#include "cartbell/event.h"
#include "cartbell/segment.h"
#include "cartbell/settings.h"
#include "cartbell/template.h"

#endif
