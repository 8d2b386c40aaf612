<?php
const VERSION = 'one';
