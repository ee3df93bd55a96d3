"""Addresses of applications."""

from starlette.routing import Route

from portal.applications.application.routes import deeds, documents, files, reading, writing

routes = [
    Route("/applications", reading.list_, methods=["GET"], name="application:list"),
    Route("/calls/{number}/applications", deeds.start, methods=["POST"], name="application:start"),
    Route("/applications/{number}", reading.one, methods=["GET"], name="application:page"),
    Route("/applications/{number}/sections/{section}", writing.section, methods=["GET"], name="application:section"),
    Route("/applications/{number}/sections/{section}", writing.save, methods=["POST"], name="application:save"),
    Route(
        "/applications/{number}/sections/{section}/versions",
        writing.history,
        methods=["GET"],
        name="application:history",
    ),
    Route(
        "/applications/{number}/sections/{section}/restore",
        writing.restore,
        methods=["POST"],
        name="application:restore",
    ),
    *files.routes,
    Route("/applications/{number}/check", reading.check, methods=["GET"], name="application:check"),
    Route("/applications/{number}/hand-over", deeds.hand_over, methods=["POST"], name="application:hand_over"),
    Route("/applications/{number}/take-back", deeds.take_back, methods=["POST"], name="application:take_back"),
    Route("/applications/{number}/submit", deeds.submit, methods=["POST"], name="application:submit"),
    Route("/applications/{number}/withdraw", deeds.withdraw, methods=["POST"], name="application:withdraw"),
    Route("/applications/{number}/receipt", reading.receipt, methods=["GET"], name="application:receipt"),
    Route("/applications/{number}/versions/{version}", reading.version, methods=["GET"], name="application:version"),
    Route("/applications/{number}/receipt/pdf", documents.receipt, methods=["GET"], name="application:receipt_pdf"),
    Route("/applications/{number}/versions/{version}/pdf", documents.text, methods=["GET"], name="application:pdf"),
    Route("/applications/{number}/admit", deeds.admit, methods=["POST"], name="application:admit"),
    Route("/applications/{number}/reject", deeds.reject, methods=["POST"], name="application:reject"),
]
